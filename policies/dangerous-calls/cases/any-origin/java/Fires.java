@CrossOrigin(origins = "*") // fires
class Fires {
    void serve(CorsRegistry registry) {
        registry.addMapping("/**").allowedOrigins("*"); // fires
        response.setHeader("Access-Control-Allow-Origin", "*"); // fires
    }
}
