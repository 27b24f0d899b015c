using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Credentials;

public sealed class CredentialConfigurationTests
{
    private const string Secret = "0123456789abcdef";
    private const string Good = """{ "Signing": { "Credentials": [ { "Key": "k", "Secret": "0123456789abcdef" } ] } }""";

    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Credentials_keyed_by_name_have_that_name_and_those_in_a_list_have_none()
    {
        Assert.Equal("orders", Read("""{ "Signing": { "Credentials": { "orders": { "Key": "k", "Secret": "0123456789abcdef" } } } }""").Name);
        Assert.Null(Read(Good).Name);
    }

    [Fact]
    public void Environment_variables_can_say_everything_in_single_values()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["SIGNING:CREDENTIALS:ORDERS:KEY"] = "k",
            ["SIGNING:CREDENTIALS:ORDERS:SECRETS:0"] = Secret,
            ["SIGNING:CREDENTIALS:ORDERS:SCOPES"] = "orders.read  orders.write",
            ["SIGNING:CREDENTIALS:ORDERS:STATUS"] = "SUSPENDED",
        }).Build();
        using ConfigurationCredentialSource source = new(configuration);

        Credential credential = Find(source, "k");

        Assert.Equal(["orders.read", "orders.write"], credential.Scopes);
        Assert.Equal(StoredStatus.Suspended, credential.Status);
        Assert.Equal(1, credential.Secrets.Length);
    }

    [Fact]
    public void Layers_of_configuration_complete_each_other()
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Signing:Credentials:orders:Key"] = "k" })
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Signing:Credentials:orders:Secret"] = Secret })
            .Build();
        using ConfigurationCredentialSource source = new(configuration);

        Assert.Equal("orders", Find(source, "k").Name);
    }

    [Theory]
    [InlineData("Credential", "Credentials")]
    [InlineData("Credentails", "Credentials")]
    [InlineData("apitoken", "ApiTokens")]
    [InlineData("SharingKey", "SharingKeys")]
    [InlineData("Workspace", "Workspaces")]
    [InlineData("Aplications", "Applications")]
    public void A_name_that_is_almost_a_setting_stops_the_start_and_another_is_the_host_s_own(string name, string meant)
    {
        string json = Good.Replace("{ \"Signing\": {", $$"""{ "Signing": { "{{name}}": { "a": "b" }, "Issuer": "the host's own", """, StringComparison.Ordinal);
        var failure = Assert.Throws<OptionsValidationException>(() => new ConfigurationCredentialSource(new LiveConfiguration(json).Root));

        Assert.Equal([$"Signing:{name} is not a setting; {meant} is"], failure.Failures);
    }

    [Fact]
    public void Another_section_can_be_named()
    {
        LiveConfiguration configuration = new("""{ "Partners": { "Inbound": { "Credentials": [ { "Key": "k", "Secret": "0123456789abcdef" } ] } } }""");
        using ConfigurationCredentialSource source = new(configuration.Root, section: "Partners:Inbound");

        Assert.Equal("k", Find(source, "k").Key);
    }

    [Fact]
    public void Several_Secrets_are_live_until_each_ends()
    {
        Credential credential = Read("""
            { "Signing": { "Credentials": [ { "Key": "k", "Secrets": [
                { "Secret": "retiring-0123456789", "Until": "2030-01-01T13:00:00+01:00" },
                { "Secret": "current-0123456789" },
                "third-0123456789" ] } ] } }
            """);

        Assert.Equal(3, credential.Secrets.Length);
        Assert.True(Matches(credential.Secrets[0], "current-0123456789"));
        Assert.True(Matches(credential.Secrets[1], "third-0123456789"));
        Assert.True(Matches(credential.Secrets[2], "retiring-0123456789"));
        Assert.Equal(CredentialStatus.Valid, credential.Evaluate(2, Noon.AddTicks(-1)));
        Assert.Equal(CredentialStatus.Expired, credential.Evaluate(2, Noon));
        Assert.Equal(CredentialStatus.Valid, credential.Evaluate(0, Noon));
    }

    [Fact]
    public void Four_Secrets_are_not_too_many() =>
        Assert.Equal(4, Read("""{ "Signing": { "Credentials": [ { "Key": "k", "Secrets": [ "0123456789abcde0", "0123456789abcde1", "0123456789abcde2", "0123456789abcde3" ] } ] } }""").Secrets.Length);

    [Fact]
    public void A_Secret_is_its_UTF_8_bytes_exactly_as_written()
        => Assert.True(Matches(
            Read("""{ "Signing": { "Credentials": [ { "Key": "k", "Secret": "sk_live_Zürich==/+\u0020x" } ] } }""").Secrets[0],
            "sk_live_Zürich==/+ x"));

    [Theory]
    [InlineData("2030-01-01T12:00:00Z")]
    [InlineData("2030-01-01T12:00Z")]
    [InlineData("2030-01-01T12:00:00.000Z")]
    [InlineData("2030-01-01T13:00:00+01:00")]
    [InlineData("2030-01-01T13:00+01:00")]
    [InlineData("2030-01-01T06:30:00.0000000-05:30")]
    public void Dates_carry_their_offset(string text)
    {
        Credential credential = Read(With($"\"NotBefore\": \"{text}\""));

        Assert.Equal(Noon, credential.NotBefore);
        Assert.Equal(CredentialStatus.NotYetValid, credential.Evaluate(0, Noon.AddTicks(-1)));
    }

    [Theory]
    [InlineData("2030-01-01T12:00:00")]
    [InlineData("2030-01-01")]
    [InlineData("2030-01-01Z")]
    [InlineData("01/01/2030 12:00:00 +00:00")]
    [InlineData("2030-13-01T12:00:00Z")]
    [InlineData("2030-01-01T12:00:00z")]
    [InlineData("2030-01-01T12:00:00+0100")]
    [InlineData("2030-01-01T12:00:00 GMT")]
    [InlineData("1893499200")]
    [InlineData("tomorrow")]
    [InlineData("Z")]
    [InlineData("")]
    [InlineData(" ")]
    public void Other_dates_are_refused_and_never_taken_for_none(string text)
    {
        foreach (string property in new[] { "NotBefore", "Expires" })
        {
            Assert.Contains($"Signing:Credentials:0:{property} is ", Refusal(With($"\"{property}\": \"{text}\"")), StringComparison.Ordinal);
        }

        Assert.Contains(
            "Signing:Credentials:0:Secrets:0:Until is ",
            Refusal($$"""{ "Signing": { "Credentials": [ { "Key": "k", "Secrets": [ { "Secret": "0123456789abcdef", "Until": "{{text}}" } ] } ] } }"""),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"Status\": \"inactive\"", "Status is none of active, suspended, revoked")]
    [InlineData("\"Status\": \"1\"", "Status is none of")]
    [InlineData("\"Status\": \"\"", "Status is empty")]
    [InlineData("\"Status\": true", "Status is none of")]
    [InlineData("\"Status\": [ \"revoked\" ]", "Status is not a single value")]
    [InlineData("\"Expiry\": \"2030-01-01T12:00:00Z\"", "Expiry is not known; known are Key, Secret, Secrets")]
    [InlineData("\"Enabled\": false", "Enabled is not known")]
    [InlineData("\"Expires\": { \"At\": \"2030-01-01T12:00:00Z\" }", "Expires is not a single value")]
    [InlineData("\"Environment\": \"\"", "Environment is empty")]
    [InlineData("\"Scopes\": [ \"a b\" ]", "Scopes has a scope")]
    [InlineData("\"Scopes\": [ \"\" ]", "Scopes has a scope")]
    [InlineData("\"Scopes\": [ { \"Name\": \"a\" } ]", "Scopes has a scope")]
    [InlineData("\"Scopes\": \"a \\\"b\\\"\"", "Scopes has a scope")]
    [InlineData("\"Secrets\": [ \"0123456789abcdef\" ]", " has both Secret and Secrets")]
    [InlineData("\"NotBefore\": \"2030-01-01T12:00:00Z\", \"Expires\": \"2030-01-01T12:00:00Z\"", "Expires is not later than NotBefore")]
    public void What_is_misspelt_or_of_the_wrong_shape_is_refused_with_its_path(string property, string failure)
        => Assert.Contains($"Signing:Credentials:0{(failure[0] == ' ' ? "" : ":")}{failure}", Refusal(With(property)), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{ "Secret": "0123456789abcdef" }""", "0:Key is missing")]
    [InlineData("""{ "Key": null, "Secret": "0123456789abcdef" }""", "0:Key is missing")]
    [InlineData("""{ "Key": "", "Secret": "0123456789abcdef" }""", "0:Key is empty")]
    [InlineData("""{ "Key": "schlüssel", "Secret": "0123456789abcdef" }""", "0:Key is not a key id")]
    [InlineData("""{ "Key": "acme_secret_live_0123456789abcdefghijklmnopqrstuvwxyz01234561iOZ5g", "Secret": "acme_key_live_0123456789abcdefghijkl" }""", "0:Key has the form of a Secret")]
    [InlineData("""{ "Key": "k" }""", "0:Secret is missing")]
    [InlineData("""{ "Key": "k", "Secret": null }""", "0:Secret is missing")]
    [InlineData("""{ "Key": "k", "Secret": "" }""", "0:Secret is empty")]
    [InlineData("""{ "Key": "k", "Secret": "0123456789abcde" }""", "0:Secret is not a Secret: at least 16 bytes")]
    [InlineData("""{ "Key": "k", "Secret": " 0123456789abcdef" }""", "0:Secret is empty, or begins or ends with white space")]
    [InlineData("""{ "Key": "k", "Secret": "0123456789abcdef\n" }""", "0:Secret is empty, or begins or ends with white space")]
    [InlineData("""{ "Key": "0123456789abcdef", "Secret": "0123456789abcdef" }""", "0:Secret is the Key itself")]
    [InlineData("""{ "Key": "0123456789abcdef", "Secrets": [ "0123456789abcdef" ] }""", "0:Secrets:0 is the Key itself")]
    [InlineData("""{ "Key": "k", "Secrets": [] }""", "0:Secrets has not 1 to 4 Secrets")]
    [InlineData("""{ "Key": "k", "Secrets": "0123456789abcdef" }""", "0:Secrets is a value; a list belongs here")]
    [InlineData("""{ "Key": "k", "Secrets": [ "0123456789abcdef", "short" ] }""", "0:Secrets:1 is not a Secret")]
    [InlineData("""{ "Key": "k", "Secrets": [ { "Until": "2030-01-01T12:00:00Z" } ] }""", "0:Secrets:0:Secret is missing")]
    [InlineData("""{ "Key": "k", "Secrets": [ { "Secret": "0123456789abcdef", "Util": "2030-01-01T12:00:00Z" } ] }""", "0:Secrets:0:Util is not known; known are Secret, Until")]
    [InlineData("""{ "Key": "k", "Secrets": [ "0123456789abcde0", "0123456789abcde1", "0123456789abcde2", "0123456789abcde3", "0123456789abcde4" ] }""", "0:Secrets has not 1 to 4 Secrets")]
    [InlineData("\"k=0123456789abcdef\"", "0 is a value; an object with Key, Secret")]
    public void A_credential_without_a_usable_Key_and_Secret_is_refused_at_start(string credential, string failure)
        => Assert.Contains($"Signing:Credentials:{failure}", Refusal($$"""{ "Signing": { "Credentials": [ {{credential}} ] } }"""), StringComparison.Ordinal);

    [Fact]
    public void A_key_id_that_is_too_long_to_be_sent_is_refused()
        => Assert.Contains(
            "Signing:Credentials:0:Key is not a key id",
            Refusal(Good.Replace("\"k\"", $"\"{new string('k', 257)}\"", StringComparison.Ordinal)),
            StringComparison.Ordinal);

    [Fact]
    public void Two_credentials_with_one_Key_are_refused_and_both_are_named()
        => Assert.Contains(
            "Signing:Credentials:b:Key has the same Key as Signing:Credentials:a:Key",
            Refusal("""{ "Signing": { "Credentials": { "a": { "Key": "k", "Secret": "0123456789abcdef" }, "b": { "Key": "k", "Secret": "fedcba9876543210" } } } }"""),
            StringComparison.Ordinal);

    [Fact]
    public void Keys_that_differ_in_case_are_two_credentials()
    {
        using ConfigurationCredentialSource source = new(new LiveConfiguration("""
            { "Signing": { "Credentials": [
                { "Key": "k", "Secret": "0123456789abcdef", "Name": "lower" },
                { "Key": "K", "Secret": "fedcba9876543210", "Name": "upper" } ] } }
            """).Root);

        Assert.Equal("lower", Find(source, "k").Name);
        Assert.Equal("upper", Find(source, "K").Name);
    }

    [Fact]
    public void All_failures_are_told_at_once_up_to_twenty_and_none_quotes_a_value()
    {
        string credentials = string.Join(", ", Enumerable.Range(0, 30).Select(_ => """{ "Key": "k3y-of-it", "Secret": "s3cret", "Status": "s3cret", "Expires": "s3cret" }"""));
        OptionsValidationException refusal = Refuse($$"""{ "Signing": { "Credentials": [ {{credentials}} ] } }""");

        Assert.Equal(20, refusal.Failures.Count());
        Assert.DoesNotContain("s3cret", refusal.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("k3y-of-it", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_suspended_application_and_a_disabled_workspace_reach_their_credentials()
    {
        using ConfigurationCredentialSource source = new(new LiveConfiguration("""
            { "Signing": {
                "Workspaces": { "acme": { "Enabled": false }, "beta": {} },
                "Applications": {
                    "orders": { "Name": "Order import", "Workspace": "beta", "Status": "suspended" },
                    "bills": { "Workspace": "acme" },
                    "news": { "Workspace": "beta", "Status": "active" } },
                "Credentials": [
                    { "Key": "k1", "Secret": "0123456789abcdef", "Application": "Orders" },
                    { "Key": "k2", "Secret": "0123456789abcdef", "Application": "bills" },
                    { "Key": "k3", "Secret": "0123456789abcdef", "Application": "news", "Workspace": "beta" },
                    { "Key": "k4", "Secret": "0123456789abcdef", "Workspace": "acme" },
                    { "Key": "k5", "Secret": "0123456789abcdef" } ] } }
            """).Root);

        Assert.Equal(CredentialStatus.ApplicationSuspended, Find(source, "k1").Evaluate(0, Noon));
        Assert.Equal("Order import", Find(source, "k1").ApplicationName);
        Assert.Equal("beta", Find(source, "k1").WorkspaceId);
        Assert.Equal(CredentialStatus.WorkspaceDisabled, Find(source, "k2").Evaluate(0, Noon));
        Assert.Equal(CredentialStatus.Valid, Find(source, "k3").Evaluate(0, Noon));
        Assert.Equal(CredentialStatus.WorkspaceDisabled, Find(source, "k4").Evaluate(0, Noon));
        Assert.Equal(CredentialStatus.Valid, Find(source, "k5").Evaluate(0, Noon));
    }

    [Theory]
    [InlineData("\"Applications\": { \"ordres\": { \"Status\": \"suspended\" } }", "Credentials:0:Application is not one of Applications")]
    [InlineData("\"Applications\": { \"orders\": { \"Status\": \"revoked\" } }", "Applications:orders:Status is none of active, suspended")]
    [InlineData("\"Applications\": { \"orders\": { \"Enabled\": false } }", "Applications:orders:Enabled is not known")]
    [InlineData("\"Applications\": { \"orders\": \"suspended\" }", "Applications:orders is a value")]
    [InlineData("\"Applications\": \"orders\"", "Applications is a value; a list belongs here")]
    [InlineData("\"Applications\": { \"orders\": { \"Workspace\": \"beta\" } }", "Credentials:0:Workspace is not the workspace of its application")]
    [InlineData("\"Workspaces\": { \"acne\": { \"Enabled\": false } }", "Credentials:0:Workspace leads to a workspace that is not one of Workspaces")]
    [InlineData("\"Workspaces\": { \"acme\": { \"Enabled\": \"no\" } }", "Workspaces:acme:Enabled is none of true, false")]
    public void A_suspension_that_would_have_no_effect_is_refused(string lists, string failure)
        => Assert.Contains(
            $"Signing:{failure}",
            Refusal($$"""{ "Signing": { {{lists}}, "Credentials": [ { "Key": "k", "Secret": "0123456789abcdef", "Application": "orders", "Workspace": "acme" } ] } }"""),
            StringComparison.Ordinal);

    [Fact]
    public void A_change_that_cannot_be_used_keeps_what_was_read_and_logs_the_path_without_the_Secret()
    {
        LiveConfiguration configuration = new(Good);
        RecordedLog<ConfigurationCredentialSource> log = new();
        using ConfigurationCredentialSource source = new(configuration.Root, log);
        Credential before = Find(source, "k");

        configuration.Replace("""{ "Signing": { "Credentials": [ { "Key": "k", "Secret": "tiny-s3cret" } ] } }""");

        Assert.Same(before, Find(source, "k"));
        string error = Assert.Single(log.Lines, line => line.StartsWith("Error: ", StringComparison.Ordinal));
        Assert.Contains("Signing:Credentials:0:Secret", error, StringComparison.Ordinal);
        Assert.DoesNotContain("tiny-s3cret", string.Concat(log.Lines), StringComparison.Ordinal);

        configuration.Replace(With("\"Status\": \"revoked\""));
        Assert.Equal(StoredStatus.Revoked, Find(source, "k").Status);
    }

    [Fact]
    public void A_value_that_only_changes_its_name_is_a_change()
    {
        const string Json = """{ "Signing": { "Credentials": [ { "Key": "k", "Secret": "0123456789abcdef", "NotBefore": "2030-01-01T12:00:00Z" } ] } }""";
        LiveConfiguration configuration = new(Json);
        using ConfigurationCredentialSource source = new(configuration.Root);
        Assert.Equal(CredentialStatus.Valid, Find(source, "k").Evaluate(0, Noon));

        configuration.Replace(Json.Replace("NotBefore", "Expires", StringComparison.Ordinal));

        Assert.Equal(CredentialStatus.Expired, Find(source, "k").Evaluate(0, Noon));
    }

    [Fact]
    public void A_revoked_credential_needs_no_Secret()
        => Assert.Equal(0, Read("""{ "Signing": { "Credentials": [ { "Key": "k", "Status": "revoked" } ] } }""").Secrets.Length);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "Signing": { "Credentials": [] } }""")]
    [InlineData("""{ "Signing": { "Credentials": null } }""")]
    public void No_credentials_know_no_key_and_say_so(string json)
    {
        RecordedLog<ConfigurationCredentialSource> log = new();
        using ConfigurationCredentialSource source = new(new LiveConfiguration(json).Root, log);

        Assert.True(source.TryGetCached("k", out Credential? credential));
        Assert.Null(credential);
        Assert.StartsWith("Warning: Signing:Credentials is empty", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Taking_all_credentials_away_refuses_them_all()
    {
        LiveConfiguration configuration = new(Good);
        using ConfigurationCredentialSource source = new(configuration.Root);

        configuration.Replace("{}");

        Assert.True(source.TryGetCached("k", out Credential? credential));
        Assert.Null(credential);
    }

    [Fact]
    public void A_disposed_source_reads_no_more()
    {
        LiveConfiguration configuration = new(Good);
        ConfigurationCredentialSource source = new(configuration.Root);
        source.Dispose();

        configuration.Replace("{}");

        Assert.Equal("k", Find(source, "k").Key);
    }

    private static string With(string property) => Good.Replace(" } ]", $", {property} }} ]", StringComparison.Ordinal);

    private static Credential Read(string json)
    {
        using ConfigurationCredentialSource source = new(new LiveConfiguration(json).Root);
        return Find(source, "k");
    }

    private static Credential Find(ConfigurationCredentialSource source, string key)
    {
        Assert.True(source.TryGetCached(key, out Credential? credential));
        return Assert.IsType<Credential>(credential);
    }

    private static OptionsValidationException Refuse(string json)
        => Assert.Throws<OptionsValidationException>(() => new ConfigurationCredentialSource(new LiveConfiguration(json).Root));

    private static string Refusal(string json) => Refuse(json).Message;

    private static bool Matches(SigningKey key, string secret)
    {
        using SigningKey expected = new(key.KeyId, secret);
        Span<byte> mac = stackalloc byte[HmacSha256.MacSize];
        HmacSha256.Compute(expected, "base"u8, mac);
        return HmacSha256.Verify(key, "base"u8, mac);
    }
}
