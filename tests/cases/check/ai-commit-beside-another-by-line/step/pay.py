a = 1
tool_one = 5
tool_two = 6
tool_three = 7
b = 2
c = 3
