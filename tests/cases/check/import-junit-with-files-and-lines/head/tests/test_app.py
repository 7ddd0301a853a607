import app
import os
def test_run(): assert 1
