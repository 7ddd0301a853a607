class Quiet {
    void page(HttpServletResponse response, String comment) {
        response.getWriter().println("<b>" + Encode.forHtml(comment) + "</b>");
        response.getWriter().println("<br>");
        out.write("count: " + comment);
        log.write("<p>" + comment);
    }
}
