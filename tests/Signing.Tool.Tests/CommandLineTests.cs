namespace Signing.Tool.Tests;

public sealed class CommandLineTests
{
    private const string Secret = "acme_secret_live_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg4dEzyV";

    [Theory]
    [InlineData("")]
    [InlineData("request")]
    [InlineData("sign")]
    [InlineData("verify")]
    [InlineData("explain")]
    [InlineData("doctor")]
    [InlineData("keys")]
    [InlineData("keys list")]
    [InlineData("keys create")]
    [InlineData("keys rotate")]
    [InlineData("keys renew")]
    [InlineData("keys suspend")]
    [InlineData("keys resume")]
    [InlineData("keys revoke")]
    public async Task Each_command_has_help_with_examples_that_call_it(string command)
    {
        Run run = await Command.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
        string examples = run.Output[run.Output.IndexOf("Examples:\n", StringComparison.Ordinal)..];
        Assert.Contains($"  signing {command}".TrimEnd(), examples, StringComparison.Ordinal);
        Assert.Contains("Usage:\n  signing", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_is_the_answer()
    {
        Run run = await Command.RunAsync(["--version"]);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.StartsWith("0.1.0", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "wants one of its commands: request, sign, verify, explain, doctor, keys.")]
    [InlineData("canary", "wants one of its commands: request, sign, verify, explain, doctor, keys.")]
    [InlineData("keys canary crd_1", "wants one of its commands: list, create, rotate, renew, suspend, resume, revoke.")]
    [InlineData("request", "'URL' missing")]
    [InlineData("request ftp://h/", "begins with https:// or http://")]
    [InlineData("request https://", "begins with https:// or http://")]
    [InlineData("request https://user@h/", "user name or password")]
    [InlineData("request /orders", "begins with https:// or http://")]
    [InlineData("request https://h/ extra more", "2 arguments that it does not take")]
    [InlineData("request https://h/ -", "was given 1 argument that it does not take")]
    [InlineData("request https://h/ -z", "There is no option -z")]
    [InlineData("verify --bogus=canary", "There is no option --bogus of \"signing verify\"")]
    [InlineData("keys revoke --bogus", "There is no option --bogus of \"signing keys revoke\"")]
    [InlineData("verify -- --bogus", "The file --bogus cannot be read")]
    [InlineData("request https://h/ --bogus=canary", "There is no option --bogus")]
    [InlineData("request https://h/ --timeout soon", "--timeout wants whole seconds")]
    [InlineData("request https://h/ --expires-in 0", "--expires-in wants whole seconds")]
    [InlineData("request https://h/ --expires-in 604801", "--expires-in wants whole seconds")]
    [InlineData("request https://h/ -X (", "--method wants the name of a method")]
    [InlineData("request https://h/ -X \u00e9", "--method wants the name of a method")]
    [InlineData("request https://h/ --cover @nothing", "not a component identifier")]
    [InlineData("request https://h/", "There is no Key: give --key")]
    [InlineData("request https://h/ -k key", "There is no Secret: set the environment variable SIGNING_SECRET")]
    [InlineData("request https://h/ -k key --secret-env NOBODY_SET_THIS", "There is no environment variable NOBODY_SET_THIS")]
    [InlineData("request https://h/ -k key --secret-file no-such-file", "no-such-file cannot be read")]
    [InlineData("request https://h/ -k \u00e9", "A Key has 1 to 256 printable ASCII characters.")]
    [InlineData("request https://h/ -k key --secret-file -", "--secret-file wants a file; the standard input is for the request.")]
    [InlineData("request https://h/ -k key --secret-file /", "The file / is a folder.")]
    [InlineData("request https://h/ -k key -H novalue", "A header field is written as")]
    [InlineData("request https://h/ -k key -H \u00e9:1", "A header field is written as")]
    [InlineData("request https://h/ -k key -H X-Name:\u00e9", "The value of X-Name holds a character that is not ASCII")]
    [InlineData("request https://h/ -k key -H Content-Type:a/b", "Content-Type cannot be set on a request without a body.")]
    [InlineData("request https://h/ -k key -H @", "The name of a file is empty.")]
    [InlineData("request https://h/ -k key -d no-such-file", "no-such-file cannot be read")]
    [InlineData("request https://h/ -k key -d {}", "A text itself is given on the standard input, with - as the file.")]
    [InlineData("sign no-such-file", "no-such-file cannot be read")]
    [InlineData("sign - --created yesterday", "--created wants an instant")]
    [InlineData("sign - --created 2026-11-21T19:40:00", "--created wants an instant")]
    [InlineData("sign - --created 2026-11-21+02:00", "--created wants an instant")]
    [InlineData("sign - --created soon", "--created wants an instant")]
    [InlineData("sign - --created 253402300800", "--created wants an instant")]
    [InlineData("sign - --scheme gopher", "--scheme is https or http")]
    [InlineData("sign -", "This is not an HTTP/1.1 request")]
    [InlineData("verify - --max-age 0", "--max-age wants whole seconds")]
    [InlineData("verify - --max-age 86401", "--max-age wants whole seconds")]
    [InlineData("verify - --require @nothing", "not a component identifier")]
    [InlineData("explain", "There is nothing to explain")]
    [InlineData("explain --signed -", "There is nothing to explain")]
    [InlineData("explain --seen -", "There is nothing to explain")]
    [InlineData("explain --signed a --seen b --problem c", "--seen and --problem both say what the server saw")]
    [InlineData("explain a --signed b --seen c", "FILE and --signed both say what was signed")]
    [InlineData("explain a --signed b --problem c", "FILE and --signed both say what was signed")]
    [InlineData("explain --signed no-such-file", "no-such-file cannot be read")]
    [InlineData("explain --signed - --seen -", "not a signature base")]
    [InlineData("explain --problem -", "no JSON object with a member signature_base")]
    [InlineData("doctor nowhere", "begins with https:// or http://")]
    [InlineData("keys", "wants one of its commands: list, create")]
    [InlineData("keys list", "There is no server: give --server")]
    [InlineData("keys list --server ops", "--server is an address")]
    [InlineData("keys create --server https://h --name n", "'--application' is required")]
    [InlineData("keys create --server https://h --application a", "'--name' is required")]
    [InlineData("keys revoke --server https://h", "'ID' missing")]
    [InlineData("keys rotate crd_1 --server https://h --overlap soon", "--overlap wants whole seconds")]
    [InlineData("keys revoke crd_1 --server https://h --after soon", "--after wants whole seconds")]
    [InlineData("keys renew crd_1 --server https://h", "Give either --expires INSTANT or --never-expires")]
    [InlineData("keys create --server https://h --application a --name n --kind k", "--kind is one of keyPair, apiToken")]
    [InlineData("keys create --server https://h --application a --name n --expires soon", "--expires wants an instant")]
    [InlineData("keys list --server https://h --state s", "--state is one of scheduled")]
    [InlineData("keys list --server http://h -k key", "--allow-plain-http permits it")]
    [InlineData("request http://h/ -k key", "--allow-plain-http permits it")]
    [InlineData("request https://h/ -X ( -d no-such-file", "--method wants the name of a method")]
    [InlineData("doctor http://h/ -k key", "--allow-plain-http permits it")]
    [InlineData("doctor https://h/ -k key -H novalue", "A header field is written as")]
    [InlineData("doctor https://h/ -k key -H Content-Digest:md5=:AAAA:", "The Content-Digest is malformed")]
    [InlineData("verify no-such-file --scheme gopher", "--scheme is https or http")]
    [InlineData("explain no-such-file --scheme gopher", "--scheme is https or http")]
    [InlineData("explain no-such-file --received-at soon", "--received-at wants an instant")]
    [InlineData("explain no-such-file --called nowhere", "--called is an address")]
    [InlineData("request https://h/ -k key --secret-file a --secret-env B", "--secret-file and --secret-env both say where the Secret is: give one of them")]
    [InlineData("keys list --server https://h --token-file a --token-env B", "--token-file and --token-env both say where the token is: give one of them")]
    [InlineData("keys list --server https://h --token-file a -k key", "A token and a Key with its Secret both say who calls: give one of them")]
    [InlineData("keys list --server https://h --token-env A --secret-file b", "A token and a Key with its Secret both say who calls: give one of them")]
    public async Task What_is_not_understood_is_said_in_one_sentence_with_exit_code_2(string arguments, string said)
    {
        Run run = await Command.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.True(run.ExitCode == 2, run.ToString());
        Assert.Empty(run.Output);
        string line = Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("signing: ", line, StringComparison.Ordinal);
        Assert.Contains(said, line, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("request https://h/ --secret canary-hunter2")]
    [InlineData("request https://h/ --secret=canary-hunter2")]
    [InlineData("keys list --token canary-hunter2")]
    [InlineData("request https://h/ -u me:canary-hunter2")]
    [InlineData("request https://h/ -k " + Secret)]
    [InlineData("request https://h/?token=" + Secret)]
    [InlineData("verify " + Secret)]
    [InlineData(Secret)]
    [InlineData("keys list --server https://h --search sgn_token_live_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg4dEzyV")]
    public async Task A_secret_in_an_argument_is_refused_and_not_repeated(string arguments)
    {
        Run run = await Command.RunAsync(arguments.Split(' '));

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("Secrets are not taken from arguments", run.Error, StringComparison.Ordinal);
        Assert.Contains("SIGNING_SECRET", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("4dEzyV", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sign", "my_secret_santa.http")]
    [InlineData("verify", "acme_token_0123456789_0123456789.http")]
    [InlineData("sign", "the token: of the shop.http")]
    public async Task A_word_that_only_looks_like_a_secret_is_taken(string command, string file)
    {
        Run run = await Command.RunAsync([command, file]);

        Assert.StartsWith($"signing: The file {file} cannot be read", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("acme_secret_0123456789012345678", false)]
    [InlineData("acme_secret_a_0123456789012345678", false)]
    [InlineData("acme_secret_01234567890123456789", true)]
    public async Task Twenty_random_characters_make_a_secret(string argument, bool isRefused)
    {
        Run run = await Command.RunAsync(["sign", argument]);

        Assert.Equal(isRefused, run.Error.StartsWith("signing: Secrets are not taken from arguments", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("request", "https://h/", "-X", "", "--method wants the name of a method")]
    [InlineData("request", "https://h/", "-H", "X-A: a\r\nX-B: b", "A header field is written as")]
    [InlineData("verify", "", "-k", "key", "The name of a file is empty.")]
    [InlineData("request", "https://h/", "-k", "", "A Key has 1 to 256 printable ASCII characters.")]
    public async Task What_a_shell_has_to_quote_is_refused_too(string command, string first, string second, string third, string said)
    {
        Run run = await Command.RunAsync([command, first, second, third]);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"signing: {said}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_directive_is_taken()
    {
        Run run = await Command.RunAsync(["[suggest]", "s"]);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task A_Secret_in_the_place_of_the_Key_is_not_sent()
    {
        Run run = await Command.RunAsync(["request", "https://h/"], key: Secret, secret: "acme_key_live_0123456789ABCDEFGHIJKL");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Equal("signing: The Key has the form of a Secret or a token, and is sent for everybody to read: exchange Key and Secret.", run.Error.TrimEnd());
    }

    [Fact]
    public async Task Other_fields_are_taken_from_arguments()
    {
        Run run = await Command.RunAsync(["request", "https://h/", "-H", "Idempotency-Key: 7", "-H", "X-Link: https://h/?token", "--header=Accept: a/b"]);

        Assert.Contains("There is no Key", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0123456789abcde", true)]
    [InlineData("0123456789abcdef", false)]
    public async Task A_Secret_of_fifteen_bytes_is_cut_off(string secret, bool isRefused)
    {
        Run run = await Command.RunAsync(["sign", "-"], "key", secret, "GET / HTTP/1.1\nHost: h\n\n"u8.ToArray());

        Assert.Equal(isRefused ? 2 : 0, run.ExitCode);
        Assert.Equal(isRefused, run.Error.StartsWith("signing: The Secret is shorter than 16 bytes", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("-H", "Authorization: Bearer canary")]
    [InlineData("-H", "cookie: id=canary")]
    [InlineData("--header=Proxy-Authorization: canary", "-v")]
    [InlineData("-HX-Api-Key: canary", "-v")]
    [InlineData("-H", "X-Tenant-Token:canary")]
    [InlineData("-H", "Cookie: back=https://h/; id=canary")]
    public async Task A_field_with_a_credential_is_taken_from_a_file_only(string first, string second)
    {
        Run run = await Command.RunAsync(["request", "https://h/", first, second]);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("-H @FILE", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", run.Error, StringComparison.Ordinal);
    }
}
