namespace Signing.Tool;

/// <summary>RFC 9421 §4. The signature that a captured request carries: in its header fields, or in its URL.</summary>
internal sealed class CarriedSignature
{
    private CarriedSignature(CapturedSignature? signature, string? signatureBase, bool isInUrl)
    {
        Signature = signature;
        Base = signatureBase;
        IsInUrl = isInUrl;
    }

    /// <summary>What can be read of it; <see langword="null"/> if there is none, or it is damaged.</summary>
    public CapturedSignature? Signature { get; }

    /// <summary>Its signature base as seen; <see langword="null"/> if a covered component is not there.</summary>
    public string? Base { get; }

    /// <summary>Whether it is that of a presigned URL, be it a damaged one.</summary>
    public bool IsInUrl { get; }

    /// <summary>Finds the signature of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="key">The Key of the signature that is meant; the first signature counts if none has it.</param>
    public static CarriedSignature Of(RawRequest request, string? key)
    {
        if (CapturedUrl.IsSigned(request))
        {
            var url = CapturedUrl.Read(request);
            return new CarriedSignature(url?.Signature, url?.Base, isInUrl: true);
        }

        var signature = CapturedSignature.Read(request, key ?? "");
        return new CarriedSignature(signature, signature is null ? null : request.BaseOf(signature.Text), isInUrl: false);
    }

    /// <summary>Compares the base with the one that a server says it saw.</summary>
    /// <returns>What differs; <see langword="null"/> if there is no base, or the server has told none.</returns>
    public IReadOnlyList<ComponentDifference>? CompareWith(string? seen)
    {
        try
        {
            return Base is null || seen is null ? null : SignatureBaseComparison.Compare(Base, seen);
        }
        catch (FormatException)
        {
            // What the server calls a base is none: its answer is shown all the same.
            return null;
        }
    }
}
