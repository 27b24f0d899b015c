using System.Globalization;
using Signing.Tests.Support;

namespace Signing.Tests.Mistakes;

[Trait("Mistake", "14")]
public sealed class ParameterTypeTests(Apis apis) : MistakeTests(apis)
{
    [Theory]
    [InlineData("created", "=\"never\"")]
    [InlineData("created", "=\"NOW\"")]
    [InlineData("created", "=NOW.5")]
    [InlineData("created", "=NOW.0")]
    [InlineData("created", "")]
    [InlineData("created", "=?1")]
    [InlineData("created", "=-1")]
    [InlineData("created", "=-999999999999999")]
    [InlineData("created", "=@NOW")]
    [InlineData("created", "=:AQ==:")]
    [InlineData("created", "=tok")]
    [InlineData("created", "=%\"NOW\"")]
    [InlineData("created", "=1000000000000000")]
    [InlineData("created", "=99999999999999999999999999")]
    [InlineData("created", "=+1")]
    [InlineData("created", "=1e9")]
    [InlineData("created", "=0x10")]
    [InlineData("created", "=()")]
    [InlineData("created", "=(NOW)")]
    [InlineData("created", "=")]
    [InlineData("created", "=-")]
    [InlineData("created", "= NOW")]
    [InlineData("expires", "=\"never\"")]
    [InlineData("expires", "=NOW.5")]
    [InlineData("expires", "")]
    [InlineData("expires", "=-1")]
    [InlineData("expires", "=@NOW")]
    [InlineData("expires", "=0")]
    [InlineData("keyid", "=tok")]
    [InlineData("keyid", "=key-one")]
    [InlineData("keyid", "=5")]
    [InlineData("keyid", "")]
    [InlineData("keyid", "=:a2V5LW9uZQ==:")]
    [InlineData("keyid", "=%\"key-one\"")]
    [InlineData("keyid", "='key-one'")]
    [InlineData("keyid", "=\"key-one")]
    [InlineData("keyid", "=\"key\\-one\"")]
    [InlineData("nonce", "=5")]
    [InlineData("nonce", "=tok")]
    [InlineData("nonce", "")]
    [InlineData("nonce", "=:AQID:")]
    [InlineData("nonce", "=%\"x\"")]
    [InlineData("alg", "=hmac-sha256")]
    [InlineData("alg", "=5")]
    [InlineData("alg", "")]
    [InlineData("tag", "=tok")]
    [InlineData("tag", "=5")]
    [InlineData("tag", "")]
    [InlineData("x", "=@NOW")]
    [InlineData("x", "=%\"x\"")]
    [InlineData("X", "=1")]
    [Trait("Protocol", "P1")]
    [Trait("Protocol", "P4")]
    [Trait("Protocol", "V2")]
    public Task A_parameter_of_another_type_is_refused_and_never_read_as_something_else(string name, string value) =>
        ProveAsync("malformed_signature_input", draft => draft.Parameters = Parameters(draft, name, value));

    [Theory]
    [InlineData("created")]
    [InlineData("expires")]
    [InlineData("keyid")]
    [InlineData("nonce")]
    [InlineData("alg")]
    [InlineData("tag")]
    [InlineData("x")]
    [Trait("Protocol", "P1")]
    public Task A_parameter_that_stands_twice_is_refused_even_with_one_value(string name) => ProveAsync(
        "malformed_signature_input",
        draft =>
        {
            string value = name is "created" or "expires" ? Now(draft) : name == "keyid" ? $"\"{ApiHost.Key}\"" : name == "alg" ? "\"hmac-sha256\"" : "\"v\"";
            draft.Parameters = Parameters(draft, name, "=" + value) + $";{name}={value}";
        });

    [Theory]
    [InlineData("=999999999999999", "created_in_future")]
    [InlineData("=99999999999999", "created_in_future")]
    [InlineData("=9223372036854", "created_in_future")]
    [InlineData("=253402300800", "created_in_future")]
    [InlineData("=0", "too_old")]
    [InlineData("=-0", "too_old")]
    [InlineData("=00", "too_old")]
    [Trait("Protocol", "P4")]
    public Task A_time_that_no_calendar_has_is_only_too_early_or_too_late(string value, string code) => ProveAsync(
        code,
        draft =>
        {
            draft.Parameters = Parameters(draft, "created", value == "=-0" || value == "=00" ? "=0" : value);
            draft.SentSignature = $"sig1=:{draft.Mac()}:";
            draft.SentInput = $"sig1={draft.SignatureParams.Replace(";created=0", ";created" + value, StringComparison.Ordinal)}";
        });

    // The usual parameters, with one replaced or added.
    private static string Parameters(RequestDraft draft, string name, string value)
    {
        Dictionary<string, string> parameters = new(StringComparer.Ordinal)
        {
            ["created"] = "=" + Now(draft),
            ["keyid"] = $"=\"{ApiHost.Key}\"",
            ["nonce"] = $"=\"{draft.Nonce}\"",
            [name] = value.Replace("NOW", Now(draft), StringComparison.Ordinal),
        };
        return string.Concat(parameters.Select(pair => $";{pair.Key}{pair.Value}"));
    }

    private static string Now(RequestDraft draft) => draft.Created.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
