def part_a(cart):
    return cart.a()


def part_b(cart):
    return cart.b()


def part_c(cart):
    return cart.c()


def part_d(cart):
    return cart.d()


def part_e(cart):
    return cart.e()


def part_f(cart):
    return cart.f()


def part_g(cart):
    return cart.g()


def part_h(cart):
    return cart.h()


