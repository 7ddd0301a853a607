setup(install_requires=['a>1', 'b'], cmdclass={'x': Y})
