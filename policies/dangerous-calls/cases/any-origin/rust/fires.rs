fn serve() {
    let first = CorsLayer::permissive(); // fires
    let second = CorsLayer::new().allow_origin(Any); // fires
    let third = Cors::default().allow_any_origin(); // fires
}
