def serve(app, response):
    app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"])
    response.headers["Access-Control-Allow-Origin"] = origin
    search(names=["*"])


CORS_ALLOW_ALL_ORIGINS = False
