@EnableWebSecurity(debug = true) // fires
class Fires {
}
