class A {
    String dash = "\u2013";
    char cr = '\r';
}
