# Written by packaging/formula for release {{version}}; edit the template, not this.
class Portcullis < Formula
  desc "Gate at the pull request: facts, policies and provenance in, one verdict out"
  homepage "{{repository}}"
  version "{{version}}"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "{{archive aarch64-apple-darwin}}"
      sha256 "{{digest aarch64-apple-darwin}}"
    end
    on_intel do
      url "{{archive x86_64-apple-darwin}}"
      sha256 "{{digest x86_64-apple-darwin}}"
    end
  end

  on_linux do
    on_arm do
      url "{{archive aarch64-unknown-linux-musl}}"
      sha256 "{{digest aarch64-unknown-linux-musl}}"
    end
    on_intel do
      url "{{archive x86_64-unknown-linux-musl}}"
      sha256 "{{digest x86_64-unknown-linux-musl}}"
    end
  end

  def install
    bin.install "portcullis"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/portcullis.bash" => "portcullis"
    fish_completion.install "completions/portcullis.fish"
    zsh_completion.install "completions/_portcullis"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/portcullis --version")
    system bin/"portcullis", "demo"
  end
end
