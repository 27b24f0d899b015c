using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Signing.Client;

/// <summary>Writes the requests of one client to its token endpoints; each call makes a new one.</summary>
internal sealed class TokenCalls(TokenIdentity identity)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly MediaTypeWithQualityHeaderValue AcceptJson = new("application/json");

    public HttpRequestMessage Login() => identity.Method switch
    {
        LoginMethod.Signature => New(identity.Login, JsonOf([("client_id", identity.Key), ("sharing_key", identity.SharingKey), ("scope", Scope)])),
        LoginMethod.ClientSecretJson => New(identity.Login, JsonOf([("client_id", identity.Key), ("client_secret", identity.Secret), ("sharing_key", identity.SharingKey), ("scope", Scope)])),
        _ => New(identity.Login, Form([("grant_type", "client_credentials"), ("sharing_key", identity.SharingKey), ("scope", Scope)])),
    };

    public HttpRequestMessage Refresh(string refreshToken) => identity.Method switch
    {
        LoginMethod.Signature => New(identity.Refresh, JsonOf([("refresh_token", refreshToken)])),
        LoginMethod.ClientSecretJson => New(identity.Refresh, JsonOf([("refresh_token", refreshToken), ("client_id", identity.Key), ("client_secret", identity.Secret)])),
        _ => New(identity.Refresh, Form([("grant_type", "refresh_token"), ("refresh_token", refreshToken)])),
    };

    /// <summary>RFC 7009 §2.1. Revokes a token and, with a refresh token, the access tokens of its grant.</summary>
    public HttpRequestMessage Revoke(Uri endpoint, string token, bool isRefreshToken) =>
        New(endpoint, Form([("token", token), ("token_type_hint", isRefreshToken ? "refresh_token" : "access_token")]));

    /// <summary>RFC 6749 §2.3.1. Writes the credentials of a client, both parts form-encoded first, so that a colon in either is none.</summary>
    public static AuthenticationHeaderValue BasicOf(TokenIdentity client) =>
        new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{Encode(client.Key)}:{Encode(client.Secret)}")));

    private string? Scope => identity.Scope.Length > 0 ? identity.Scope : null;

    private static ByteArrayContent JsonOf(ReadOnlySpan<(string Name, string? Value)> members)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            foreach ((string name, string? value) in members)
            {
                if (value is not null)
                {
                    writer.WriteString(name, value);
                }
            }

            writer.WriteEndObject();
        }

        var content = new ByteArrayContent(bytes.WrittenSpan.ToArray());
        content.Headers.ContentType = Json;
        return content;
    }

    private FormUrlEncodedContent Form(ReadOnlySpan<(string Name, string? Value)> fields)
    {
        var form = new List<KeyValuePair<string, string>>();
        foreach ((string name, string? value) in fields)
        {
            if (value is not null)
            {
                form.Add(new(name, value));
            }
        }

        if (identity.Method != LoginMethod.ClientSecretBasic)
        {
            form.Add(new("client_id", identity.Key));
        }

        if (identity.Method is LoginMethod.ClientSecretPost or LoginMethod.ClientSecretJson)
        {
            form.Add(new("client_secret", identity.Secret));
        }

        return new FormUrlEncodedContent(form);
    }

    private HttpRequestMessage New(Uri endpoint, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = content };
        request.Headers.Accept.Add(AcceptJson);
        if (identity.Method == LoginMethod.ClientSecretBasic)
        {
            request.Options.Set(BackchannelHandler.NameInBasic, identity);
        }

        return request;
    }

    private static string Encode(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}
