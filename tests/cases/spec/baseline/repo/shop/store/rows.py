from shop.api import views
