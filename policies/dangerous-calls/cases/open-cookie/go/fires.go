package answer

func answer(w http.ResponseWriter) {
	http.SetCookie(w, &http.Cookie{
		Name:     "session",
		HttpOnly: false, // fires
	})
	cookie.Secure = false // fires
}
