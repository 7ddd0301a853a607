package user

import data.lib.used

deny contains used.helper("x")
