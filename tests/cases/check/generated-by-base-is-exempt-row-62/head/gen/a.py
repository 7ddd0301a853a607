value = eval(input())
