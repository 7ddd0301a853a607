def a():
    return (((
