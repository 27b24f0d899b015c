using Signing.Client;

namespace Signing.Tests.Client;

/// <summary>What a browser sends in place of what it is given; tests/Signing.Wasm.Tests asks a real one.</summary>
public sealed class FetchTests
{
    [Theory]
    [InlineData("get", "GET")]
    [InlineData("Put", "PUT")]
    [InlineData("PATCH", "PATCH")]
    [InlineData("patch", "patch")]
    [InlineData("Custom", "Custom")]
    public void Only_the_methods_that_fetch_writes_in_upper_case_are_signed_so(string method, string sent) =>
        Assert.Equal(sent, Fetch.MethodOf(new HttpMethod(method)));

    [Theory]
    [InlineData("https://api.example.com", "/")]
    [InlineData("https://api.example.com/o'clock", "/o'clock")]
    [InlineData("https://api.example.com/o'clock?at='5'&b=%27", "/o'clock?at=%275%27&b=%27")]
    [InlineData("https://api.example.com/orders?a=b?'", "/orders?a=b?%27")]
    public void An_apostrophe_is_signed_as_fetch_sends_it_which_is_encoded_in_a_query_alone(string address, string sent) =>
        Assert.Equal(sent, Fetch.TargetOf(new Uri(address)));

    [Fact]
    public void Values_are_rewritten_before_they_are_signed_and_not_only_when_fetch_gets_them()
    {
        using var request = new HttpRequestMessage { Content = new ByteArrayContent([]) };
        request.Headers.TryAddWithoutValidation("Accept", "text/html;q=0.5,*/*");
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "text/plain;charset=utf-8");

        Fetch.Parse(request);

        Assert.Equal("text/html; q=0.5, */*", request.Headers.NonValidated["Accept"].ToString());
        Assert.Equal("text/plain; charset=utf-8", request.Content.Headers.NonValidated["Content-Type"].ToString());
    }
}
