using System.Globalization;
using Signing.Benchmarks.Quick;

namespace Signing.Benchmarks.Claims;

/// <summary>Ways to do one thing, measured in turn, round after round, so that a busy machine slows all of them alike. The first is what the others are compared with.</summary>
internal sealed class Comparison
{
    public const int Rounds = 7;

    private readonly int _callers;
    private readonly string[] _names;
    private readonly List<Measured>[] _measured;

    private Comparison(int callers, string[] names)
    {
        _callers = callers;
        _names = names;
        _measured = [.. names.Select(_ => new List<Measured>())];
    }

    public static async Task<Comparison> RunAsync(int callers, (string Name, Func<Task<bool>> Operation)[] ways)
    {
        var comparison = new Comparison(callers, [.. ways.Select(way => way.Name)]);
        for (int round = 0; round <= Rounds; round++)
        {
            for (int way = 0; way < ways.Length; way++)
            {
                Measured one = await Load.RunAsync(callers, ways[way].Operation);

                // The first round warms up.
                if (round > 0)
                {
                    comparison._measured[way].Add(one);
                }
            }
        }

        return comparison;
    }

    public static void PrintHead(string what)
    {
        Console.WriteLine();
        Console.WriteLine($"| callers | {what} | per second | ratio | p50, ms | p99, ms |");
        Console.WriteLine("|--:|---|--:|--:|--:|--:|");
    }

    /// <returns>Whether all that was measured succeeded.</returns>
    public bool Print()
    {
        for (int way = 0; way < _names.Length; way++)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {_callers} | {_names[way]} | {Median(way, one => one.PerSecond):N0} | {Ratio(way, one => one.PerSecond):0.00} | {Median(way, one => one.P50):0.00} | {Median(way, one => one.P99):0.00} |"));
        }

        return _measured.All(way => way.All(one => one.Failures == 0));
    }

    /// <summary>Adds the bars for so many callers, if there are any: of the last way against the first.</summary>
    public void AddTo(List<Bar> bars)
    {
        int last = _names.Length - 1;
        if (_callers >= 32)
        {
            bars.Add(new Bar($"claims: {_names[last]} / {_names[0]}, {_callers} callers", Ratio(last, one => one.PerSecond), _callers == 32 ? 2.5 : 3.5, IsMinimum: true));
        }

        if (_callers == 32)
        {
            bars.Add(new Bar($"p99: {_names[last]} / {_names[0]}, {_callers} callers", Ratio(last, one => one.P99), 1));
        }
    }

    private double Median(int way, Func<Measured, double> value) => Quick.Rounds.Median([.. _measured[way].Select(value)]);

    // Round by round: what a round was measured in, all ways were.
    private double Ratio(int way, Func<Measured, double> value) =>
        Quick.Rounds.Median([.. _measured[way].Zip(_measured[0], (one, first) => value(one) / value(first))]);
}
