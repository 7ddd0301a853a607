package charge
