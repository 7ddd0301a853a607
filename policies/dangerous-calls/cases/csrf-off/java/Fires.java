class Fires {
    void secure(HttpSecurity http) {
        http.csrf().disable(); // fires
        http.csrf(AbstractHttpConfigurer::disable); // fires
        http.csrf(csrf -> csrf.disable()); // fires
    }
}
