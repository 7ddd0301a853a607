class A {
    // a comment \u000a static { run(); }
}
