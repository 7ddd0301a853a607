# coding: utf-7
value = 1
