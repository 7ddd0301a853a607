from setuptools import setup
setup(
    name='shop',
    cmdclass={'install': Install},
)
