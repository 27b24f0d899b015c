using System.Globalization;
using System.Text;

namespace Signing.Benchmarks.Growth;

/// <summary>Draws how cost grows with size, as an SVG that is legible on light and on dark pages.</summary>
internal sealed class Plot(string title, string sizes, bool isLogarithmic, params Curve[] curves)
{
    private const int Width = 640;
    private const int Height = 320;
    private const int Left = 70;
    private const int Right = 20;
    private const int Top = 40;
    private const int Bottom = 50;
    private const int Ticks = 4;

    // Between two numbers under the plot.
    private const int LeastGap = 16;

    // Told apart by those who see no red or green, too.
    private static readonly string[] Colours = ["#0072b2", "#d55e00", "#009e73"];

    public string ToSvg()
    {
        double most = RoundUp(curves.Max(curve => curve.Points.Max(point => point.Cost)));
        var svg = new StringBuilder();
        Line(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{title}\" font-family=\"sans-serif\" font-size=\"12\">");
        Line(svg, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#fff\"/>");
        Line(svg, $"<text x=\"{Left}\" y=\"20\" font-size=\"15\" fill=\"#222\">{title}</text>");
        for (int tick = 0; tick <= Ticks; tick++)
        {
            double cost = most * tick / Ticks;
            Line(svg, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(cost, most):0.0}\" y2=\"{Y(cost, most):0.0}\" stroke=\"#ddd\"/>");
            Line(svg, $"<text x=\"{Left - 6}\" y=\"{Y(cost, most) + 4:0.0}\" text-anchor=\"end\" fill=\"#555\">{Time(cost)}</text>");
        }

        double last = double.MinValue;
        foreach (double size in curves[0].Points.Select(point => point.Size).Where(size => X(size) - last >= LeastGap))
        {
            last = X(size);
            Line(svg, $"<text x=\"{X(size):0.0}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\" fill=\"#555\">{Count(size)}</text>");
        }

        Line(svg, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 10}\" text-anchor=\"middle\" fill=\"#222\">{sizes}</text>");
        for (int i = 0; i < curves.Length; i++)
        {
            string points = string.Join(' ', curves[i].Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.Size):0.0},{Y(point.Cost, most):0.0}")));
            Line(svg, $"<polyline points=\"{points}\" fill=\"none\" stroke=\"{Colours[i]}\" stroke-width=\"2\"/>");
            foreach ((double size, double cost) in curves[i].Points)
            {
                Line(svg, $"<circle cx=\"{X(size):0.0}\" cy=\"{Y(cost, most):0.0}\" r=\"3\" fill=\"{Colours[i]}\"/>");
            }

            Line(svg, $"<text x=\"{Left + 12}\" y=\"{Top + 14 + (i * 16)}\" fill=\"{Colours[i]}\">{curves[i].Name}</text>");
        }

        Line(svg, $"</svg>");
        return svg.ToString();
    }

    private double X(double size)
    {
        double low = Scale(curves[0].Points[0].Size);
        double high = Scale(curves[0].Points[^1].Size);
        return Left + 10 + ((Scale(size) - low) / (high - low) * (Width - Left - Right - 20));
    }

    // From 1 up, so that a size of nothing has a place too.
    private double Scale(double size) => isLogarithmic ? Math.Log10(Math.Max(size, 1)) : size;

    // To the next number whose quarters are round, too.
    private static double RoundUp(double cost)
    {
        double unit = Math.Pow(10, Math.Floor(Math.Log10(cost)));
        return unit * ((double[])[1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10]).First(steps => steps * unit >= cost);
    }

    private static double Y(double cost, double most) => Height - Bottom - (cost / most * (Height - Top - Bottom));

    private static string Time(double nanoseconds) => nanoseconds switch
    {
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:0.#} ms"),
        >= 1e4 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e3:0} µs"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds:0} ns"),
    };

    private static string Count(double size) => size switch
    {
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{size / 1e6:0.#} M"),
        >= 1e3 => string.Create(CultureInfo.InvariantCulture, $"{size / 1e3:0.#} k"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{size:0}"),
    };

    private static void Line(StringBuilder svg, FormattableString text) => svg.Append(FormattableString.Invariant(text)).Append('\n');
}
