namespace Signing;

/// <summary>RFC 9421 §2.4. Names in a response the signature of the request that it answers.</summary>
/// <remarks>
/// It has a nonce and the time, so it makes the response that of one request and of no other. §7.3.7 warns of signatures of
/// signatures, because a stranger's key may be made to give a value that is known already. Here it is the same key that signs
/// both, and for an HMAC another message with the same value is a forgery.
/// </remarks>
internal static class RequestSignature
{
    /// <summary>What stands before the label.</summary>
    public const string Start = " \"signature\";req;key=\"";

    /// <summary>What stands behind the label.</summary>
    public const string End = "\"";

    /// <summary>Tells whether a signature of the request is in a list that was read before: by its label, or with the whole field.</summary>
    public static bool IsCovered(ReadOnlySpan<char> list, ReadOnlySpan<char> label)
    {
        var components = new ComponentReader(list, isResponse: true);
        while (components.TryRead(out var component))
        {
            var isNamed = component.Flags == ComponentFlags.Request
                || (component.Flags == (ComponentFlags.Request | ComponentFlags.Key) && component.Argument.SequenceEqual(label));
            if (isNamed && component.Name is SignatureField.FieldName)
            {
                return true;
            }
        }

        return false;
    }
}
