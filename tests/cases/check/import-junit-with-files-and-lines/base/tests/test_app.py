import app

def test_run(): pass
