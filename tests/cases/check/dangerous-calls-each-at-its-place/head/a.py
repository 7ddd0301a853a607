import hashlib
import pickle
import subprocess


def run(model, cursor, name, data):
    model.eval()
    cursor.execute("select * from t where name = %s", (name,))
    subprocess.run("ls " + name, shell=True)
    subprocess.run(["ls", name])
    return pickle.loads(data)
