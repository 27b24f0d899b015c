using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Signing.AspNetCore;

/// <summary>What several schemes have to say about one request: the most telling of it goes into the one body there is.</summary>
internal sealed class SharedProblem
{
    private int _weight;

    public ProblemDetails? Problem { get; private set; }

    public void Add(ProblemDetails problem, bool isMissing)
    {
        // What is our fault comes before what is the caller's, and that before what is simply not there.
        int weight = (isMissing, problem.Status) switch
        {
            (true, _) => 1,
            (_, StatusCodes.Status401Unauthorized) => 2,
            _ => 3,
        };
        if (weight > _weight)
        {
            _weight = weight;
            Problem = problem;
        }
    }
}
