DEBUG = True


def serve(app):
    app.run(debug=settings.debug)
    app.config["DEBUG"] = False
    job.run(debug=True)
