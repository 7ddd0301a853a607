/* \u202E is written as an escape here */
