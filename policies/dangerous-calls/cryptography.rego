# METADATA
# title: Ciphers, keys and signatures that protect nothing
# description: 'What looks protected and is not is worse than what is open: nobody looks again.'
# custom:
#   scope: file
#   severity: error
#   status: enforced
#   since: "0.6"
package portcullis.dangerous_calls

# METADATA
# title: Cipher that is broken
# description: DES, RC4, Blowfish and their like can be broken by a patient person, and the mode ECB shows which blocks are equal. What they hide is not hidden.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/327.html
# custom:
#   id: dangerous-calls/weak-cipher
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: Use AES-GCM or ChaCha20-Poly1305 with a fresh nonce for each message.
#   examples:
#     bad: |
#       cipher = DES.new(key, DES.MODE_CBC, iv)
#     good: |
#       cipher = AES.new(key, AES.MODE_GCM)
deny_weak_cipher contains finding if {
	some match in introduced("weak-cipher")
	finding := at(match, "this cipher or mode no longer hides anything", "weak-cipher")
}

# METADATA
# title: Key that is short enough to compute
# description: RSA, DSA and Diffie-Hellman below 2048 bits, and curves below 224 bits, are within reach of those who can pay for the machines.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/326.html
# custom:
#   id: dangerous-calls/short-key
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: Use RSA with 3072 bits, P-256, or Ed25519.
#   examples:
#     bad: |
#       rsa.generate_private_key(public_exponent=65537, key_size=1024)
#     good: |
#       rsa.generate_private_key(public_exponent=65537, key_size=3072)
deny_short_key contains finding if {
	some match in introduced("short-key")
	finding := at(match, "this key is short enough to be computed", "short-key")
}

# METADATA
# title: Version of TLS that no longer protects
# description: SSL, TLS 1.0 and TLS 1.1 have known ways to read or change what they carry; browsers and standards dropped them.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/327.html
# custom:
#   id: dangerous-calls/obsolete-tls
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: Leave the version to the library, or say TLS 1.2 or 1.3.
#   examples:
#     bad: |
#       ssl.SSLContext(ssl.PROTOCOL_TLSv1)
#     good: |
#       ssl.create_default_context()
deny_obsolete_tls contains finding if {
	some match in introduced("obsolete-tls")
	finding := at(match, "this version of TLS no longer protects a connection", "obsolete-tls")
}

# METADATA
# title: Token whose signature nobody checks
# description: Anybody can write a token with the algorithm `none`, or one that is read without checking its signature, and be whoever he says he is.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/347.html
# custom:
#   id: dangerous-calls/unverified-token
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: Check the signature, and name the algorithms that are allowed.
#   examples:
#     bad: |
#       jwt.decode(token, options={"verify_signature": False})
#     good: |
#       jwt.decode(token, key, algorithms=["EdDSA"])
deny_unverified_token contains finding if {
	some match in introduced("unverified-token")
	finding := at(match, "this token is good without a signature", "unverified-token")
}

# METADATA
# title: Key in the code
# description: Whoever can read the code can sign and decrypt with this key, and it cannot be changed without a release. The same key is in every copy.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/321.html
# custom:
#   id: dangerous-calls/literal-key
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: Read the key from the environment or a secret store.
#   examples:
#     bad: |
#       jwt.encode(claims, "between-us", algorithm="HS256")
#     good: |
#       jwt.encode(claims, os.environ["TOKEN_KEY"], algorithm="HS256")
deny_literal_key contains finding if {
	some match in introduced("literal-key")
	finding := at(match, "the key is written into the code beside this", "literal-key")
}
