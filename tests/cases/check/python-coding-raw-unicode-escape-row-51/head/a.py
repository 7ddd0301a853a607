# -*- coding: raw_unicode_escape -*-
x = 1
