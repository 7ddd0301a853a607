# -*- coding: utf-8 -*-
value = 1
