class Quiet {
    void secure(HttpSecurity http) {
        http.csrf(Customizer.withDefaults());
        http.formLogin().disable();
        http.headers(AbstractHttpConfigurer::disable);
    }
}
