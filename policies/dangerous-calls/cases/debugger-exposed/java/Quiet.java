@EnableWebSecurity(debug = false)
class Quiet {
}
