using System.Security.Cryptography;
using Signing.Tests.Reference;
using Signing.Tests.Support;

namespace Signing.Tests.Threads;

/// <summary>What a program makes once and uses everywhere: one verifier, one signer, one key.</summary>
public sealed class SharedByThreadsTests
{
    private const int Threads = 4;
    private const int RequestsOfAThread = 2_000;

    // More lists of components than a verifier remembers, so that the threads race for its memory and some go without.
    private static readonly string[][] Lists = [.. Enumerable.Range(0, 24).Select(list => Enumerable.Range(0, 5).Where(bit => (list >> bit & 1) != 0).Select(bit => $"x-{bit}").ToArray())];

    [Fact]
    public void One_verifier_one_signer_and_one_key_serve_threads_at_once_without_mixing_their_requests()
    {
        var time = new ManualTimeProvider();
        var verifier = new MessageVerifier(new VerificationPolicy(), time);
        var signer = new MessageSigner(new SigningPolicy { CoverIfPresent = ["x-0", "x-1", "x-2", "x-3", "x-4"] }, time);
        using var key = new SigningKey("k", RandomNumberGenerator.GetBytes(32));
        using var other = new SigningKey("k", RandomNumberGenerator.GetBytes(32));
        string? wrong = null;

        Run(thread =>
        {
            char[] input = new char[1024];
            char[] signature = new char[96];
            for (int i = 0; i < RequestsOfAThread; i++)
            {
                ReferenceRequest request = Request($"/{thread}/{i}", Lists[(i + thread) % Lists.Length], thread);
                bool isSigned = signer.TrySign(new ReferenceMessage(request), key, input, signature, out int inputLength, out int signatureLength, out _);
                ReferenceRequest signed = request.With("Signature-Input", new string(input, 0, inputLength)).With("Signature", new string(signature, 0, signatureLength));
                var verdicts = (
                    Verify(verifier, signed, key),
                    Verify(verifier, signed, other),
                    Verify(verifier, signed with { Target = $"/{thread + 1}/{i}" }, key));

                if (!isSigned || verdicts != (SignatureStatus.Verified, SignatureStatus.InvalidCredential, SignatureStatus.InvalidCredential))
                {
                    Interlocked.CompareExchange(ref wrong, $"{verdicts} for {signed}", null);
                }
            }
        });

        Assert.Null(wrong);
        Assert.Equal(KnownLists.MaxLists, Lists.Count(fields => verifier.Known.Find(Covered(fields)) != KnownLists.None));
    }

    [Fact]
    public void A_key_that_ends_while_threads_use_it_verifies_until_then_and_nothing_afterwards()
    {
        var time = new ManualTimeProvider();
        var verifier = new MessageVerifier(new VerificationPolicy(), time);
        var signer = new MessageSigner(new SigningPolicy(), time);
        string? wrong = null;
        for (int round = 0; round < 50; round++)
        {
            var key = new SigningKey("k", RandomNumberGenerator.GetBytes(32));
            char[] input = new char[1024];
            char[] signature = new char[96];
            ReferenceRequest request = Request("/", [], round);
            Assert.True(signer.TrySign(new ReferenceMessage(request), key, input, signature, out int inputLength, out int signatureLength, out _));
            ReferenceRequest signed = request.With("Signature-Input", new string(input, 0, inputLength)).With("Signature", new string(signature, 0, signatureLength));
            bool ended = false;

            Run(thread =>
            {
                for (int i = 0; i < 100; i++)
                {
                    if (thread == 0 && i == 50)
                    {
                        key.Dispose();
                        Volatile.Write(ref ended, true);
                    }

                    bool endedBefore = Volatile.Read(ref ended);
                    SignatureStatus verdict = Verify(verifier, signed, key);
                    bool fits = verdict == SignatureStatus.InvalidCredential ? key.IsDisposed : verdict == SignatureStatus.Verified && !endedBefore;
                    if (!fits)
                    {
                        Interlocked.CompareExchange(ref wrong, $"{verdict}, ended {endedBefore}", null);
                    }
                }
            });
        }

        Assert.Null(wrong);
    }

    private static ReferenceRequest Request(string target, string[] fields, int value) =>
        new("GET", "https", "h", target, [.. fields.Select(field => KeyValuePair.Create(field, $"{value}"))], []);

    private static string Covered(string[] fields) => $"(\"@method\" \"@authority\" \"@path\" \"@query\"{string.Concat(fields.Select(field => $" \"{field}\""))})";

    private static SignatureStatus Verify(MessageVerifier verifier, ReferenceRequest request, SigningKey key)
    {
        var message = new ReferenceMessage(request);
        return verifier.TryRead(message, out SignatureCandidates candidates, out SignatureStatus refusal) ? verifier.Verify(message, candidates[0], key, out _) : refusal;
    }

    private static void Run(Action<int> body)
    {
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(number => new Thread(() => body(number)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
    }
}
