using Microsoft.Extensions.Logging.Abstractions;
using Signing.Client;
using Signing.Tests.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Several;

/// <summary>Clients that sign beside others, whose options are others at the second attempt than at the first.</summary>
public sealed class GatewayReloadTests : ClientTestBase
{
    [Theory]
    [InlineData("Key")]
    [InlineData("label")]
    [InlineData("policy")]
    [InlineData("key of the request")]
    public async Task A_gateway_whose_options_change_between_two_attempts_replaces_the_signature_of_the_first(string what)
    {
        using var other = new SigningKey("acme_key_2", "acme_secret_fedcba9876543210");
        MessageSigningOptions current = OptionsWith(options => options.Policy = new SigningPolicy { CoverSignatures = true });
        using HttpRequestMessage request = Foreign();
        using var client = new HttpMessageInvoker(new MessageSigningHandler(new ClientState(() => current, Time, NullLogger.Instance), Connection()));
        if (what == "key of the request")
        {
            request.Options.Set(SigningOverrides.Key, other);
        }

        await client.SendAsync(request, Cancelled);
        request.Options.Set(SigningOverrides.Key, null!);
        current = what switch
        {
            "Key" => OptionsWith(options => (options.Key, options.Secret, options.Policy) = ("acme_key_2", "acme_secret_fedcba9876543210", new SigningPolicy { CoverSignatures = true })),
            "label" => OptionsWith(options => options.Policy = new SigningPolicy { CoverSignatures = true, Label = "gateway" }),
            "policy" => OptionsWith(options => options.Policy = new SigningPolicy { Label = "gateway" }),
            _ => OptionsWith(options => options.Policy = new SigningPolicy { CoverSignatures = true }),
        };
        await client.SendAsync(request, Cancelled);

        RawRequest received = Server.Requests[1];
        Assert.Matches($"^sig=\\(\"@method\"\\);created=1;keyid=\"theirs\", ?{(what is "label" or "policy" ? "gateway" : "sig2")}=[^,]*$", received["signature-input"]);
        Assert.DoesNotContain(Server.Requests[0]["signature"].Split(',')[1].Trim(), received["signature"], StringComparison.Ordinal);
        Assert.Equal(SignatureStatus.Verified, received.Verify(what == "Key" ? other : Key, Time));
    }

    [Fact]
    public async Task A_gateway_signs_a_body_that_is_exchanged_between_two_attempts_with_a_key_of_the_requests_own()
    {
        using var other = new SigningKey("acme_key_2", "acme_secret_fedcba9876543210");
        using HttpRequestMessage request = Foreign();
        (request.Method, request.Content) = (HttpMethod.Post, new StringContent("one"));
        request.Options.Set(SigningOverrides.Key, other);
        using HttpMessageInvoker client = Client(options => options.Policy = new SigningPolicy { CoverSignatures = true });

        await client.SendAsync(request, Cancelled);
        request.Content = new StringContent("another");
        await client.SendAsync(request, Cancelled);

        Assert.Equal("another", Server.Requests[1].Text);
        Assert.Equal(SignatureStatus.Verified, Server.Requests[1].Verify(other, Time));
    }

    private HttpRequestMessage Foreign()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Server.Address);
        request.Headers.TryAddWithoutValidation("Signature-Input", "sig=(\"@method\");created=1;keyid=\"theirs\"");
        request.Headers.TryAddWithoutValidation("Signature", "sig=:X5spyd6CFnAG5QnDyHfqoSNICd+BUP4LYMz2Q0JXlb8=:");
        return request;
    }
}
