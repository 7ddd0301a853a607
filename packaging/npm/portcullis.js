#!/usr/bin/env node
// Runs the portcullis of this platform, which npm installed as an optional dependency. Must not download, look for
// another portcullis, or end well when it could not run: the gate is open only where the gate says so.
"use strict";

const { spawnSync } = require("node:child_process");
const { constants } = require("node:os");

// What `portcullis` itself ends with where something could not be checked.
const UNDECIDED = 4;

function undecided(words) {
  process.stderr.write(`portcullis: ${words}\n`);
  process.exit(UNDECIDED);
}

function platform() {
  const name = `${process.platform}-${process.arch}`;
  if (process.platform !== "linux") {
    return name;
  }
  // Only a node built for glibc reports its version; interfaces are left out, for looking them up can take seconds.
  process.report.excludeNetwork = true;
  return process.report.getReport().header.glibcVersionRuntime ? `${name}-gnu` : `${name}-musl`;
}

function executable() {
  const { optionalDependencies } = require("./package.json");
  const name = Object.keys(optionalDependencies).find((one) => one.endsWith(`/${platform()}`));
  if (!name) {
    undecided(`there is no build for ${platform()}; build it with \`cargo install portcullis --locked\``);
  }
  try {
    return require.resolve(`${name}/portcullis${process.platform === "win32" ? ".exe" : ""}`);
  } catch {
    undecided(`${name} is not installed; install again without --omit=optional and with a lock file made for all platforms`);
  }
}

const { error, signal, status } = spawnSync(executable(), process.argv.slice(2), { stdio: "inherit" });
if (error) {
  undecided(`could not be started (${error.code}); is the file system mounted noexec?`);
}
if (signal) {
  // As a shell says it, so that a death is never a pass.
  process.exit(128 + constants.signals[signal]);
}
process.exit(status ?? UNDECIDED);
