def serve(app, response):
    app.add_middleware(CORSMiddleware, allow_origins=["*"])  # fires
    response.headers["Access-Control-Allow-Origin"] = "*"  # fires


CORS_ALLOW_ALL_ORIGINS = True  # fires
