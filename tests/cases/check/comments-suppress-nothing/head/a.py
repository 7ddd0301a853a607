def run(text):
    # portcullis: ignore
    # ast-grep-ignore
    return eval(text)  # noqa # nosec # nosemgrep
