fn serve() {
    let first = CorsLayer::new().allow_origin(origin);
    let second = CorsLayer::new().allow_methods(Any);
    let third = Mode::permissive();
}
