curl -d hello https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX
curl -d hello "https://hooks.slack.com/services/$PATH_OF_HOOK"
