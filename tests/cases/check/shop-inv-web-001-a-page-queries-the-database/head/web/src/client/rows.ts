import { Pool } from "pg";
import { PrismaClient } from "@prisma/client";

export const rows = [Pool, PrismaClient];
