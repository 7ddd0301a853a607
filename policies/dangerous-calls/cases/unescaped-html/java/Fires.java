import javax.servlet.http.HttpServletResponse;
class Fires {
    void page(HttpServletResponse response, String comment) {
        response.getWriter().println("<b>" + comment + "</b>"); // fires
        out.write("<p>" + comment); // fires
    }
}
