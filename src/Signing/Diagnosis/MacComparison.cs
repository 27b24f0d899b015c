namespace Signing;

/// <summary>RFC 9421 §3.2. Says why a MAC does not fit a captured request: another form of the Secret, or something else that was signed.</summary>
internal static class MacComparison
{
    private const string SignatureComponent = "\"signature\"";

    public static void Compare<T>(
        in T message, CapturedSignature signature, string seen, SigningKey key, string secret, RequestCircumstances circumstances, List<ComponentDifference> found)
        where T : ISignableMessage
    {
        var search = new BaseSearch(key, signature.Value);
        if (search.Fits(seen))
        {
            return;
        }

        if (OtherMacs.Recognise(signature.Value, secret, seen) is { } other)
        {
            found.Add(Of(MismatchCause.MacOfAnotherAlgorithm, other));
            return;
        }

        if (signature.Value.Length != HmacSha256.MacSize)
        {
            found.Add(Of(MismatchCause.MacOfAnotherAlgorithm, "the value has another length than the 32 bytes of HMAC-SHA256; sign with hmac-sha256, and send base64 of the bytes of the MAC"));
            return;
        }

        if (signature.KeyId != key.KeyId)
        {
            found.Add(Of(MismatchCause.OtherSignature, "its keyid is not the Key given here; take the Secret of the Key that the request names"));
            return;
        }

        if (circumstances.SignedBase is { } signed && SignatureBaseComparison.Compare(signed, seen) is { Count: > 0 } differences)
        {
            found.AddRange(differences);
            if (!search.Fits(signed))
            {
                found.Add(Of(MismatchCause.WrongSecret, "it is not that of the base given as signed either, so that the Secret differs too, or this base is of another attempt"));
            }

            return;
        }

        foreach ((var form, var finding) in SecretForms.Of(key.KeyId, secret))
        {
            if (search.Fits(form, seen))
            {
                found.Add(Of(finding.Cause, finding.Why));
                return;
            }
        }

        foreach ((var text, var why) in BaseSlips.Of(seen, signature.Text, signature.Label))
        {
            if (search.Fits(text))
            {
                found.Add(new ComponentDifference(SignatureBaseText.Parameters, MismatchCause.NotNormalized, $"{SignatureBaseText.Parameters}: {why}."));
                return;
            }
        }

        if (circumstances.SignedBase is not null)
        {
            found.Add(Of(MismatchCause.WrongSecret, "the bases are equal: the Secret differs, so one side has that of another Key, of another environment, or one from before a rotation"));
            return;
        }

        var view = message;
        var original = search.Find(seen, new BaseAlternatives(new CalledTarget(circumstances.CalledAddress), name => CapturedSignature.LinesOf(view, name)));
        if (original is null)
        {
            var proxy = circumstances.CalledAddress is null
                ? ", or something on the way has put another host, path or query in place of the caller's, which only the address that was called can tell (signing explain --called URL)"
                : "";
            found.Add(Of(MismatchCause.WrongSecret, $"no known alteration of the request fits it, so usually the Secret is that of another Key, of another environment, or from before a rotation{proxy}; if the Secret is right, compare the signer's base with the one seen here"));
            return;
        }

        found.AddRange(SignatureBaseComparison.Compare(original, seen));
    }

    private static ComponentDifference Of(MismatchCause cause, string why) => new(SignatureComponent, cause, $"{SignatureComponent} is not that of this request with this Secret: {why}.");
}
