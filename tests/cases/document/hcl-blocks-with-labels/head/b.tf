resource "aws_alb_listener" "web" {
  port     = var.port
  protocol = "HTTPS"
}
