using System.Security.Cryptography;
using System.Text;
using Signing.Tests.Support;

namespace Signing.Tests.Mistakes;

[Trait("Mistake", "17")]
public sealed class KeyAndAlgorithmConfusionTests(Apis apis) : MistakeTests(apis)
{
    [Theory]
    [InlineData("ed25519")]
    [InlineData("none")]
    [InlineData("")]
    [InlineData("HMAC-SHA256")]
    [InlineData("hmac-sha512")]
    [InlineData("hmac-sha256 ")]
    [InlineData("hmac-sha256\\\\")]
    [InlineData("rsa-pss-sha512")]
    [InlineData("rsa-v1_5-sha256")]
    [InlineData("ecdsa-p256-sha256")]
    [Trait("Protocol", "B4")]
    public Task An_algorithm_that_is_not_the_key_s_is_refused_though_the_MAC_is_right(string algorithm) =>
        ProveAsync("unsupported_algorithm", draft => draft.MoreParameters = $";alg=\"{algorithm}\"");

    [Fact]
    [Trait("Protocol", "B4")]
    public async Task The_key_s_own_algorithm_may_be_named()
    {
        foreach (Api api in Apis.Each)
        {
            RequestDraft draft = api.Draft();
            draft.MoreParameters = ";alg=\"hmac-sha256\"";
            await api.AcceptsAsync(draft);
        }
    }

    [Theory]
    [InlineData(Apis.OtherKey, ApiHost.Secret)]
    [InlineData(ApiHost.Key, Apis.OtherSecret)]
    [InlineData("nobody", ApiHost.Secret)]
    [InlineData("KEY-ONE", ApiHost.Secret)]
    [InlineData("key-one ", ApiHost.Secret)]
    [InlineData("", ApiHost.Secret)]
    [InlineData("key-one\\\"", ApiHost.Secret)]
    [InlineData("../key-one", ApiHost.Secret)]
    [InlineData("key-one:Secrets:0", ApiHost.Secret)]
    public Task A_secret_proves_its_own_key_id_and_no_other(string keyId, string secret) =>
        ProveAsync("invalid_credential", draft => (draft.KeyId, draft.Secret) = (keyId, secret));

    [Theory]
    [InlineData("")]
    [InlineData(ApiHost.Key)]
    [InlineData(ApiHost.Secret + " ")]
    [InlineData(ApiHost.Secret + "\0x")]
    [InlineData("THE SECRET OF KEY ONE, LONG ENOUGH")]
    public Task A_guess_at_the_secret_is_refused(string secret) => ProveAsync("invalid_credential", draft => draft.Secret = secret);

    [Theory]
    [InlineData("")]
    [InlineData(ApiHost.Secret)]
    public Task A_revoked_key_has_no_secret_left_not_even_an_empty_one(string secret) =>
        ProveAsync("invalid_credential", draft => (draft.KeyId, draft.Secret) = (Apis.RevokedKey, secret));

    [Theory]
    [InlineData("")]
    [InlineData("fifteen letters")]
    public void An_empty_or_short_secret_makes_no_key(string secret)
    {
        Assert.Throws<ArgumentException>(() => new SigningKey("key", secret));
        Assert.Throws<ArgumentException>(() => new SigningKey("key", Encoding.UTF8.GetBytes(secret)));
    }

    // Whoever holds a public key could sign if its bytes were taken for a secret: a key made of an asymmetric one must not compile.
    [Fact]
    public void No_key_is_made_of_an_asymmetric_one()
    {
        Type[] accepted = [.. typeof(SigningKey).GetConstructors().SelectMany(constructor => constructor.GetParameters()).Select(parameter => parameter.ParameterType).Distinct()];

        Assert.Equal([typeof(string), typeof(ReadOnlySpan<byte>)], accepted);
        Assert.DoesNotContain(typeof(SigningKey).Assembly.GetExportedTypes(), type => typeof(AsymmetricAlgorithm).IsAssignableFrom(type));
    }

    [Fact]
    public async Task A_public_key_is_no_secret_of_anybody()
    {
        using RSA rsa = RSA.Create(2048);
        string pem = rsa.ExportSubjectPublicKeyInfoPem();
        foreach (string algorithm in (string[])["", ";alg=\"hmac-sha256\""])
        {
            await ProveAsync("invalid_credential", draft => (draft.Secret, draft.MoreParameters) = (pem, algorithm));
        }

        await ProveAsync("unsupported_algorithm", draft => (draft.Secret, draft.MoreParameters) = (pem, ";alg=\"rsa-pss-sha512\""));
    }
}
