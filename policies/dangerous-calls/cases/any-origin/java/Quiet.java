@CrossOrigin(origins = "https://shop.example")
class Quiet {
    void serve(CorsRegistry registry) {
        registry.addMapping("/**").allowedOrigins("https://shop.example");
        registry.addMapping("*");
    }
}
