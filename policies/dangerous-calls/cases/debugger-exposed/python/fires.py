def serve(app):
    app.run(debug=True)  # fires
    app.config["DEBUG"] = True  # fires
    run_simple("localhost", 80, app, use_debugger=True)  # fires
