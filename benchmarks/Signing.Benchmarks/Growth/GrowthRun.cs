using System.Globalization;
using System.Security.Cryptography;
using Signing.Benchmarks.Quick;

namespace Signing.Benchmarks.Growth;

/// <summary>Measures how cost grows with components, credentials, labels and content, and draws it.</summary>
internal static class GrowthRun
{
    private const int MaxLine = 8192;
    private const int Callers = 1;

    private static readonly int[] Components = [1, 2, 4, 8, 16, 24, 32];
    private static readonly int[] Credentials = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
    private static readonly int[] Labels = [1, 2, 3, 4, 5, 6, 7, 8];
    private static readonly int[] Contents = [0, 65_536, 1_000_000, 2_500_000, 5_000_000, 10_000_000];

    /// <param name="folder">Where the drawings go.</param>
    /// <returns>0 if the digest keeps up with the bare hash, otherwise 1.</returns>
    public static int Run(string folder)
    {
        Directory.CreateDirectory(folder);
        using var workload = new Workload();
        Draw(folder, "components", new Plot("Verify, by covered components", "components", isLogarithmic: false, ByComponents(workload)));
        Draw(folder, "labels", new Plot("Verify, by signatures in the request, ours the last", "signatures", isLogarithmic: false, ByLabels(workload)));
        Curve[] content = ByContent();
        Draw(folder, "content", new Plot("Content digest, by bytes", "bytes", isLogarithmic: false, content));
        Draw(folder, "credentials", new Plot("Verify, by stored credentials", "credentials", isLogarithmic: true, ByCredentials(workload)));
        Console.WriteLine();
        Bar[] bars = [Throughput(content, 65_536), Throughput(content, 10_000_000)];
        Array.ForEach(bars, bar => Console.WriteLine(bar));
        return bars.All(bar => bar.IsMet) ? 0 : 1;
    }

    private static Bar Throughput(Curve[] content, int bytes) => new(
        string.Create(CultureInfo.InvariantCulture, $"digest of {bytes:N0} bytes: throughput / SHA256.HashData"),
        content[1].Points.Single(point => (int)point.Size == bytes).Cost / content[0].Points.Single(point => (int)point.Size == bytes).Cost, 0.95, IsMinimum: true);

    private static void Draw(string folder, string name, Plot plot)
    {
        string path = Path.Combine(folder, name + ".svg");
        File.WriteAllText(path, plot.ToSvg());
        Console.WriteLine(path);
    }

    private static Curve[] ByComponents(Workload workload)
    {
        var verified = new List<(double, double)>();
        var floor = new List<(double, double)>();
        using IncrementalHash hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, workload.SecretBytes);
        byte[] mac = new byte[HmacSha256.MacSize];
        foreach (int count in Components)
        {
            string[] names = [.. Enumerable.Range(0, count).Select(i => i == 0 ? "@method" : string.Create(CultureInfo.InvariantCulture, $"x-field-{i:00}"))];
            CanonicalRequest request = new("POST", Workload.PostTarget, [.. names[1..].Select(name => new KeyValuePair<string, string>(name, "a value of thirty-two characters"))]);
            CanonicalRequest signed = Sign(new MessageSigner(new SigningPolicy { Components = names, CoverIfPresent = [] }), workload.Key, request);
            var verifier = new MessageVerifier(new VerificationPolicy { MaxAge = Workload.Policy.MaxAge, RequiredComponents = ["@method"], CoveredIfPresent = [] });
            byte[] signatureBase = BaseOf(verifier, signed);
            double[][] times = Rounds.Time(() => Verify(verifier, workload.Key, signed), () =>
            {
                hash.AppendData(signatureBase);
                hash.GetHashAndReset(mac);
            });
            verified.Add((count, Rounds.Median(times[0])));
            floor.Add((count, Rounds.Median(times[1])));
        }

        return Print("components", new Curve("read and verify", verified), new Curve("the reused keyed hash over the same base", floor));
    }

    private static Curve[] ByLabels(Workload workload)
    {
        var points = new List<(double, double)>();
        var signer = new MessageSigner(new SigningPolicy { Tag = "ours" });
        var verifier = new MessageVerifier(new VerificationPolicy { MaxAge = Workload.Policy.MaxAge, Tag = "ours" });
        foreach (int count in Labels)
        {
            CanonicalRequest request = workload.Unsigned;
            for (int i = 1; i < count; i++)
            {
                using var foreign = new SigningKey(string.Create(CultureInfo.InvariantCulture, $"foreign_{i}"), "a secret of somebody else, long enough");
                request = Join(request, Sign(new MessageSigner(new SigningPolicy { Tag = "somebody-else", Label = string.Create(CultureInfo.InvariantCulture, $"other{i}") }), foreign, workload.Unsigned));
            }

            CanonicalRequest signed = Join(request, Sign(signer, workload.Key, workload.Unsigned));
            points.Add((count, Rounds.Median(Rounds.Time(() => Verify(verifier, workload.Key, signed))[0])));
        }

        return Print("signatures", new Curve("read and verify", points));
    }

    private static Curve[] ByContent()
    {
        var hashed = new List<(double, double)>();
        var floor = new List<(double, double)>();
        byte[] hash = new byte[SHA256.HashSizeInBytes];
        char[] field = new char[ContentDigest.MaxFieldLength];
        foreach (int length in Contents)
        {
            byte[] content = RandomNumberGenerator.GetBytes(length);
            (double ours, double bare) = Interleave(() => Hash(content, field), () => SHA256.HashData(content, hash));
            hashed.Add((length, ours));
            floor.Add((length, bare));
        }

        return Print("bytes", new Curve("hash in pieces of 16 KB, write the field", hashed), new Curve("SHA256.HashData", floor));
    }

    private static Curve[] ByCredentials(Workload workload)
    {
        var points = new List<(double, double)>();
        foreach (int count in Credentials)
        {
            using var callers = new StoredCallers(count, Callers, workload);
            points.Add((count, Rounds.Median(Rounds.Time(() => callers.Verify())[0])));
        }

        return Print("credentials", new Curve("read, look up, verify, judge", points));
    }

    // As a server hashes: what the connection has, piece by piece.
    private static void Hash(byte[] content, char[] field)
    {
        using ContentHasher hasher = ContentHasher.Rent(DigestAlgorithms.Sha256);
        for (int start = 0; start < content.Length; start += 16 * 1024)
        {
            hasher.Append(content.AsSpan(start, Math.Min(16 * 1024, content.Length - start)));
        }

        hasher.TryWrite(field, out _);
    }

    // By itself, because the rounds of the others warm up with thousands of calls.
    private static (double First, double Second) Interleave(Action first, Action second)
    {
        const int Batches = 41;
        var times = new List<double>[] { [], [] };
        int calls = (int)Math.Clamp(1e6 / Rounds.TimeBatch(first, 1).TotalNanoseconds, 1, 1_000);
        for (int batch = 0; batch < Batches; batch++)
        {
            times[0].Add(Rounds.TimeBatch(first, calls).TotalNanoseconds / calls);
            times[1].Add(Rounds.TimeBatch(second, calls).TotalNanoseconds / calls);
        }

        return (Rounds.Median([.. times[0]]), Rounds.Median([.. times[1]]));
    }

    private static void Verify(MessageVerifier verifier, SigningKey key, in CanonicalRequest request)
    {
        if (!verifier.TryRead(in request, out SignatureCandidates candidates, out SignatureStatus refusal)
            || verifier.Verify(in request, candidates[0], key, out _) != SignatureStatus.Verified)
        {
            throw new InvalidOperationException($"The request does not verify: {refusal}.");
        }
    }

    private static byte[] BaseOf(MessageVerifier verifier, in CanonicalRequest request)
    {
        verifier.TryRead(in request, out SignatureCandidates candidates, out _);
        return System.Text.Encoding.ASCII.GetBytes(verifier.GetSignatureBase(in request, candidates[0])!);
    }

    private static CanonicalRequest Sign(MessageSigner signer, SigningKey key, in CanonicalRequest request)
    {
        Span<char> input = stackalloc char[MaxLine];
        Span<char> signature = stackalloc char[MaxLine];
        if (!signer.TrySign(in request, key, input, signature, out int inputLength, out int signatureLength, out SignatureStatus refusal))
        {
            throw new InvalidOperationException($"The request cannot be signed: {refusal}.");
        }

        return request.With(new("signature-input", input[..inputLength].ToString()), new("signature", signature[..signatureLength].ToString()));
    }

    // As a proxy adds a signature: in lines of their own, behind those that are there.
    private static CanonicalRequest Join(in CanonicalRequest request, in CanonicalRequest signed) => request.With(
        new("signature-input", signed.GetFieldLine("signature-input", 0, out _).ToString()), new("signature", signed.GetFieldLine("signature", 0, out _).ToString()));

    private static Curve[] Print(string sizes, params Curve[] curves)
    {
        Console.WriteLine();
        Console.WriteLine($"| {sizes} | {string.Join(" | ", curves.Select(curve => curve.Name + ", ns"))} |");
        Console.WriteLine($"|--:|{string.Concat(curves.Select(_ => "--:|"))}");
        for (int i = 0; i < curves[0].Points.Count; i++)
        {
            Console.WriteLine($"| {curves[0].Points[i].Size.ToString("N0", CultureInfo.InvariantCulture)} | "
                + $"{string.Join(" | ", curves.Select(curve => curve.Points[i].Cost.ToString("N0", CultureInfo.InvariantCulture)))} |");
        }

        return curves;
    }
}
