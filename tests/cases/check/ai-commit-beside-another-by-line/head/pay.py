a = 1
tool_one = 5
person = 6
tool_three = 7
b = 2
c = 3
person_too = 1
